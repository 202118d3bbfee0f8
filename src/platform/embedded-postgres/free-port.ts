import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

export async function isFreePort(port: number): Promise<boolean> {
  return (await tryListening(port)) === port;
}

/** A port that nobody uses now; somebody may before we do, so the caller has to be ready to ask again. */
export async function anyFreePort(): Promise<number> {
  const port = await tryListening(0);
  if (port === undefined) throw new Error(`No free port on ${HOST}.`);
  return port;
}

async function tryListening(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
