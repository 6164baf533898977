/** The sign-on library and what it rests on are ES modules, which jest loads neither as they are nor by import(). */
const SIGN_ON = 'openid-client|oauth4webapi|jose';
const AS_COMMON_JS = ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' }];

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { [`/node_modules/(${SIGN_ON})/.+\\.js$`]: AS_COMMON_JS, '/oidc-login\\.ts$': AS_COMMON_JS, '^.+\\.ts$': ['@swc/jest'] },
  transformIgnorePatterns: [`/node_modules/(?!(${SIGN_ON})/)`],
  coverageProvider: 'babel',
  testTimeout: 60_000,
  // Two cores: servers, workers and proxies under test share them with jest.
  maxWorkers: 1,
};
