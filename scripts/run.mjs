// node scripts/run.mjs <file in dist> [parameters]: runs another compiled program, such as a benchmark or the replay.
import { fail, prepare, runCompiled } from './bootstrap.mjs';

const [file, ...parameters] = process.argv.slice(2);
if (file === undefined) fail('Usage: node scripts/run.mjs <file in dist> [parameters]');
await prepare();
await runCompiled(file, parameters);
