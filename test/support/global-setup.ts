import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

declare global {
  var tandemTestServer: ChildProcess | undefined;
}

/**
 * Starts the database server of this run and tells the test files where it is. In a process of its own, because jest
 * loads this file as CommonJS, from where the sources cannot be imported. (The default export is jest's rule.)
 */
export default async function globalSetup(_options: unknown, project: { rootDir: string }): Promise<void> {
  const support = join(project.rootDir, 'test', 'support');
  const loader = pathToFileURL(join(support, 'typescript-loader.mjs')).href;
  const server = spawn(process.execPath, ['--import', loader, join(support, 'database-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  globalThis.tandemTestServer = server;
  Object.assign(process.env, JSON.parse(await firstLine(server)));
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdout?.once('data', (line: Buffer) => resolve(line.toString()));
    server.once('error', reject);
    server.once('exit', () =>
      reject(new Error('the test database did not start; its reason is printed above')),
    );
  });
}
