// node --import ./test/support/typescript-loader.mjs <file.ts>: runs TypeScript sources without a build, as jest does.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
