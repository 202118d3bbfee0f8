// npm test [-- jest parameters]: builds first, because the end-to-end tests start real processes from dist.
import * as path from 'node:path';
import { prepare, root } from './bootstrap.mjs';
import { runInstead } from './child.mjs';

await prepare();
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
await runInstead(process.execPath, [...flags, jest, ...process.argv.slice(2)], { cwd: root });
