/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  coverageProvider: 'babel',
  testTimeout: 60_000,
  // Two cores: servers, workers and proxies under test share them with jest.
  maxWorkers: 1,
};
