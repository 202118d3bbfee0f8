// hold-postgres.ts <folder> [port]: runs the embedded PostgreSQL in a process that a test may kill. Prints the address,
// or why there is none, and stops in order on SIGTERM; Ctrl-C is ignored, as by a service that still answers requests.
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';

const [dataDir = '', port] = process.argv.slice(2);
const log = (line: string): void => console.log(JSON.stringify({ log: line }));
process.on('SIGINT', () => undefined);
const isAsked = new Promise((resolve) => process.once('SIGTERM', resolve));
const staysAlive = setInterval(() => undefined, 60_000);
try {
  const postgres = await startEmbeddedPostgres({ dataDir, port: port ? Number(port) : undefined, log });
  console.log(JSON.stringify({ url: postgres.url, folder: postgres.folder }));
  await isAsked;
  await postgres.stop();
} catch (error) {
  console.log(JSON.stringify({ refusal: error instanceof Error ? error.message : String(error) }));
}
clearInterval(staysAlive);
