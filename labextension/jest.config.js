const base = require('@jupyterlab/testing/lib/jest-config')(__dirname);

module.exports = {
  ...base,
  // Lab's configuration also reports to files and to GitHub; a terminal needs one reporter.
  reporters: ['default'],
  setupFilesAfterEnv: ['<rootDir>/test/setup.ts'],
  testRegex: '/test/.*\\.spec\\.tsx?$',
  // Lab's own packages are ES modules; its configuration is made for use inside of Lab.
  transformIgnorePatterns: base.transformIgnorePatterns.map(pattern =>
    pattern.replace('(?!', '(?!@jupyterlab|')
  )
};
