// npm start: installs and builds when needed, then runs the service in this very process. No child in between means
// that Ctrl-C, `kill` and the exit code reach the service and its caller as they are.
import { prepare, root, runCompiled } from './bootstrap.mjs';

await prepare();
process.chdir(root);
await runCompiled('src/main.js', process.argv.slice(2));
