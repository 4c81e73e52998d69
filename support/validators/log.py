#!/usr/bin/env python3
"""A second judge of the public log: receipt, checkpoint, tiles, proof and consistency.

    python3 support/validators/log.py key FILE
    python3 support/validators/log.py receipt FILE KEY
    python3 support/validators/log.py proof RECEIPT PROOF KEY
    python3 support/validators/log.py log FOLDER KEY [OLD_CHECKPOINT]

FOLDER holds what a server answers under /log: `checkpoint` and `tile/...`. KEY is a file
with the verifier key of the server. It exits with 0 when everything holds, with 1 when
something does not. Written from RFC 6962, RFC 8032 and the pages of C2SP, in Python and
without any code of Candor; it needs nothing but Python.
"""

import base64
import datetime
import hashlib
import os
import re
import sys


class Wrong(Exception):
    pass


def need(truth, words):
    if not truth:
        raise Wrong(words)


# Ed25519 (RFC 8032 section 5.1), verification only.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(s, p):
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = add(q, p)
        p = add(p, p)
        s >>= 1
    return q


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


GY = 4 * pow(5, P - 2, P) % P
GX = recover_x(GY, 0)
G = (GX, GY, 1, GX * GY % P)


def ed25519(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(hashed, "little") % L
    left, right = times(s, G), add(r, times(h, a))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Signed notes (C2SP signed-note).


def b64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 in a second spelling")
    return data


def read_key(text):
    name, ident, key = text.strip().split("+", 2)
    data = b64(key)
    need(data[0] == 1, "this is not an Ed25519 key")
    need(key_id(name, data[1:]).hex() == ident, "the parts of the key do not belong together")
    return data[1:]


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def open_note(note, public, name=None):
    """The text of a note that this key signed, under this name (or under any)."""
    body, rest = note.rsplit("\n\n", 1)
    text = body + "\n"
    for line in rest.splitlines():
        mark, signer, data = line.split(" ")
        need(mark == "\u2014", "this is not a signature line")
        data = b64(data)
        if (name or signer) != signer or data[:4] != key_id(signer, public):
            continue
        need(ed25519(public, text.encode(), data[4:]), "the signature does not fit the text")
        return text
    raise Wrong("this note is not signed by the key")


def checkpoint(note, public):
    origin = note.split("\n", 1)[0]
    text = open_note(note, public, origin)
    lines = text.split("\n")
    need(len(lines) == 4 and lines[3] == "", "this is not a checkpoint")
    need(str(int(lines[1])) == lines[1], "the size has a second spelling")
    root = b64(lines[2])
    need(len(root) == 32, "the root is not a hash")
    return origin, int(lines[1]), root


# Receipts: the leaf is recomputed from the other lines.


def framed(*fields):
    whole = hashlib.sha256()
    for field in fields:
        whole.update(len(field).to_bytes(8, "big") + field)
    return whole.digest()


def receipt(note, public):
    text = open_note(note, public)
    lines = text.splitlines()
    need(lines[0] == "candor.receipt/v1", "this is not a receipt")
    value = dict(line.split(": ", 1) for line in lines[1:] if not line.startswith("promise: "))
    moment = re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z", value["received"])
    at = datetime.datetime(*map(int, moment.groups()), tzinfo=datetime.timezone.utc)
    unix = int(at.timestamp())
    leaf = framed(
        b"candor/receipt-leaf/v1",
        value["case"].encode(),
        bytes.fromhex(value["salt"]),
        bytes.fromhex(value["sealed-sha256"]),
        bytes.fromhex(value["policy"]),
        (unix - unix % 3600).to_bytes(8, "big", signed=True),
    )
    need(leaf.hex() == value["leaf"], "the leaf is not that of the other lines")
    return leaf


# The tree (RFC 6962 section 2.1).


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node(tree(hashes[:k]), tree(hashes[k:]))


def climb(hash, index, size, path):
    """The root that a path leads to; which side each hash stands on follows from the place."""
    if size == 1:
        need(not path, "the path is too long")
        return hash
    need(path, "the path is too short")
    k = 1 << (size - 1).bit_length() - 1
    *rest, last = path
    if index < k:
        return node(climb(hash, index, k, rest), last)
    return node(last, climb(hash, index - k, size - k, rest))


def proof(text, leaf, public):
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1", "this is not a proof")
    if lines[0].startswith("extra "):
        lines.pop(0)
    word, index = lines.pop(0).split(" ")
    need(word == "index" and str(int(index)) == index, "the index cannot be read")
    origin, size, root = checkpoint(note, public)
    need(int(index) < size, "there is no such leaf")
    hash = hashlib.sha256(b"\x00" + leaf).digest()
    path = [b64(line) for line in lines]
    need(climb(hash, int(index), size, path) == root, "the path does not lead to the root")
    return origin, int(index), size


# The log as a server answers it (C2SP tlog-tiles).


def tile_path(level, index, width):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "tile/%d/%s%s" % (level, "/".join(groups), "" if width == 256 else ".p/%d" % width)


def tiles(size):
    level = 0
    while size:
        for index in range((size + 255) // 256):
            yield level, index, min(256, size - 256 * index)
        level, size = level + 1, size // 256


def log(folder, public, old_note=None):
    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    origin, size, root = checkpoint(read("checkpoint").decode(), public)
    leaves, below, here = [], [], []
    last = 0
    for level, index, width in tiles(size):
        data = read(tile_path(level, index, width))
        need(len(data) == 32 * width, "a tile has another length")
        hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
        if level != last:
            below, here, last = here, [], level
        here.extend(hashes)
        if level == 0:
            leaves.extend(hashes)
        else:
            for i, hash in enumerate(hashes, 256 * index):
                need(tree(below[256 * i : 256 * i + 256]) == hash, "a tile does not fit those below")
    need(len(leaves) == size, "there are too few leaves")
    need(tree(leaves) == root, "the root is not that of the leaves")
    if old_note is not None:
        old_origin, old_size, old_root = checkpoint(old_note, public)
        need(old_origin == origin, "these are two logs")
        need(old_size <= size, "the log was longer before")
        need(tree(leaves[:old_size]) == old_root, "the log does not begin with what it was")
    return origin, size


def text(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def main(args):
    what = args[0] if args else ""
    if what == "key" and len(args) == 2:
        return read_key(text(args[1])).hex()
    if what == "receipt" and len(args) == 3:
        return receipt(text(args[1]), read_key(text(args[2]))).hex()
    if what == "proof" and len(args) == 4:
        public = read_key(text(args[3]))
        return "%s: leaf %d of %d" % proof(text(args[2]), receipt(text(args[1]), public), public)
    if what == "log" and len(args) in (3, 4):
        old = text(args[3]) if len(args) == 4 else None
        return "%s: %d leaves" % log(args[1], read_key(text(args[2])), old)
    print(__doc__, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))
    except (Wrong, ValueError, KeyError, IndexError, AttributeError, OSError) as why:
        print("does not hold: %s" % why, file=sys.stderr)
        sys.exit(1)
