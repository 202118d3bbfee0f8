// hold-postgres.ts <folder> [port]: runs the embedded PostgreSQL in a process that a test may kill. Prints the address,
// or why there is none, and stops in order on SIGTERM; Ctrl-C is ignored, as by a service that still answers requests.
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';

const [dataDir = '', port] = process.argv.slice(2);
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
process.on('SIGINT', () => undefined);
const isAsked = new Promise((resolve) => process.once('SIGTERM', resolve));
const staysAlive = setInterval(() => undefined, 60_000);
try {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    port: port ? Number(port) : undefined,
    log: (line) => say({ log: line }),
  });
  say({ url: postgres.url, folder: postgres.folder });
  await isAsked;
  await postgres.stop();
} catch (error) {
  say({ refusal: error instanceof Error ? error.message : String(error) });
}
clearInterval(staysAlive);
