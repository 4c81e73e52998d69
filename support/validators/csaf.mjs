// Checks CSAF 2.0 documents with an independent validator.
//
//   node csaf.mjs [--strict] [--quiet] FILE...
//
// Exit code 0: no errors. 1: at least one error (with --strict: or warning).
// 2: no file given, a file cannot be read, or the validator is not installed.
// Start-up costs some seconds, so give many files at once.

import { readFile } from 'node:fs/promises'

const args = process.argv.slice(2)
const strict = args.includes('--strict')
const quiet = args.includes('--quiet')
const files = args.filter((arg) => !arg.startsWith('--'))
if (files.length === 0) {
  console.error('usage: node csaf.mjs [--strict] [--quiet] FILE...')
  process.exit(2)
}

// Network access (6.3.6, 6.3.7) and a dictionary (6.3.8) do not belong in a gate.
const leftOut = new Set([
  'informativeTest_6_3_6',
  'informativeTest_6_3_7',
  'informativeTest_6_3_8',
])

async function load() {
  const lib = '@secvisogram/csaf-validator-lib'
  const [validate, schema, ...suites] = await Promise.all(
    ['validate', 'schemaTests', 'mandatoryTests', 'optionalTests', 'informativeTests'].map(
      (part) => import(`${lib}/${part}.js`)
    )
  )
  const tests = [schema.csaf_2_0_strict]
  for (const suite of suites) {
    for (const [name, test] of Object.entries(suite)) {
      if (!leftOut.has(name)) tests.push(test)
    }
  }
  return (document) => validate.default(tests, document)
}

let validate
try {
  validate = await load()
} catch (error) {
  console.error(`the validator cannot be loaded (npm ci --prefix support/validators): ${error.message}`)
  process.exit(2)
}

const total = { errors: 0, warnings: 0, infos: 0 }
for (const file of files) {
  let document
  try {
    document = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    console.error(`${file}: ${error.message}`)
    process.exit(2)
  }
  const result = await validate(document)
  for (const test of result.tests) {
    for (const kind of ['errors', 'warnings', 'infos']) {
      for (const finding of test[kind] ?? []) {
        total[kind] += 1
        if (!quiet || kind === 'errors') {
          console.log(`${file}: ${kind.slice(0, -1)} ${test.name} ${finding.instancePath}: ${finding.message ?? ''}`)
        }
      }
    }
  }
  // A test may say no without naming a finding.
  if (!result.isValid && result.tests.every((test) => (test.errors ?? []).length === 0)) {
    total.errors += 1
    console.log(`${file}: error: refused without a reason`)
  }
}
console.log(
  `${files.length} documents: ${total.errors} errors, ${total.warnings} warnings, ${total.infos} remarks`
)
process.exit(total.errors > 0 || (strict && total.warnings > 0) ? 1 : 0)
