// Import directions. A run that sees no modules (a wrong path, a TypeScript it cannot read) must fail, not pass.
import { cruise } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const FEWEST_MODULES = 100;

const rules = await extractConfig('./.dependency-cruiser.cjs');
const options = { ...rules.options, ruleSet: rules, validate: true, outputType: 'err' };
const report = await cruise(['src', 'bench', 'migrations'], options, undefined, {
  tsConfig: extractTSConfig('./tsconfig.json'),
});
process.stdout.write(`${report.output}\n`);
const modules = Number(/\((\d+) modules/.exec(String(report.output))?.[1] ?? 0);
if (modules < FEWEST_MODULES) {
  process.stderr.write(`only ${modules} modules were seen: the check itself is broken\n`);
  process.exit(1);
}
process.exit(report.exitCode);
