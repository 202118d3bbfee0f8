import { once } from 'node:events';

/** Stops the database server of this run and waits until it has cleaned up. (The default export is jest's rule.) */
export default async function globalTeardown(): Promise<void> {
  const server = globalThis.tandemTestServer;
  if (!server || server.exitCode !== null) return;
  server.stdin?.end();
  await once(server, 'exit');
}
