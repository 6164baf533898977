/** The product's own transform; the packages of CDK are this folder's. @type {import('jest').Config} */
module.exports = { rootDir: __dirname, testEnvironment: 'node', testMatch: ['<rootDir>/test/**/*.test.ts'], transform: { '^.+\\.ts$': [require.resolve('@swc/jest')] }, testTimeout: 60_000 };
