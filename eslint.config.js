import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import ownRules from './script/eslint-rules.js';

const typescript = ['src/**/*.ts', 'test/**/*.ts', 'simulators/**/*.ts', 'bench/**/*.ts', 'script/**/*.ts'];
const tests = ['**/*.test.ts', 'test/**/*.ts', '**/*.cases.ts', '**/test-support/**'];

/** Where the environment may be read: the one reader of the program, and what stands outside of it. */
const environmentReaders = ['src/platform/config/**', 'test/**', 'script/**', 'bench/**', 'simulators/**/main.ts'];

/** Budgets of docs/adr/0007-tooling.md. */
const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'max-params': 'off',
  '@typescript-eslint/max-params': ['error', { max: 4 }],
};

/** Mistakes that a compiler does not see, in any JavaScript. */
const everywhere = {
  'array-callback-return': 'error',
  'consistent-return': 'off',
  eqeqeq: 'error',
  'no-alert': 'error',
  'no-console': 'error',
  'no-constant-binary-expression': 'error',
  'no-constructor-return': 'error',
  'no-debugger': 'error',
  'no-else-return': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-new-func': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable-loop': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-assignment': 'error',
  'no-useless-rename': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

/** Where typescript-eslint's strictest set and our style part. */
const style = {
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // Spreading a text gives its code points, which is what lengths and alphabets here are about.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-unused-vars': 'off',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/unified-signatures': 'off',
  // Contracts are interfaces of closures: their methods have no `this` to lose.
  '@typescript-eslint/unbound-method': 'off',
  // Columns, labels and options are looked up by names that are data.
  '@typescript-eslint/no-dynamic-delete': 'off',
  // `infer`-only parameters carry the payload's type through the journal and the web contract.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
};

const noEnvironment = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Only src/platform/config reads the environment.' },
  ],
};

export default defineConfig(
  globalIgnores(['node_modules/', '.node/', 'dist/', 'coverage/', 'data/', '**/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { rules: everywhere },
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...everywhere, ...style, ...sizes },
  },
  { files: typescript, ignores: environmentReaders, rules: noEnvironment },
  {
    files: ['src/modules/*/actions/*.ts'],
    ignores: ['**/*.test.ts'],
    plugins: { signalbox: ownRules },
    rules: { 'signalbox/action-is-guarded': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/platform/journal/**'],
    plugins: { signalbox: ownRules },
    rules: { 'signalbox/publish-in-transaction': 'error' },
  },
  // Catalogues and declarations are long because there is much to say, not because they do much.
  {
    files: ['**/messages.ts', '**/messages/*.ts', '**/*-messages.ts', '**/*.data.ts', '**/store/migrations/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      // node:test's `it` and `describe` return promises that the runner awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['it', 'test', 'describe', 'suite'] },
          ],
        },
      ],
      // A test says `rows[0]!` after having compared the length, and `?.` where it has not.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  { files: ['script/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['src/**/*.client.js'], rules: { 'max-lines': sizes['max-lines'] } },
);
