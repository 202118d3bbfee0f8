// Child processes of the commands: quiet ones that show their output only when they fail, and loud ones.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a command behind one line of progress. Answers its exit code and what it printed. */
export async function runQuietly(command, parameters, { cwd, title }) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const line = process.stderr;
  line.write(`${title}…${line.isTTY ? '' : '\n'}`);
  const ticking = line.isTTY && setInterval(() => line.write(`\r${title}… ${seconds()} s`), 1000);

  const child = spawn(command, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const code = await exitCode(child).catch((error) => {
    chunks.push(Buffer.from(String(error)));
    return 1;
  });

  clearInterval(ticking);
  const outcome = code === 0 ? 'done' : 'failed';
  line.write(`${line.isTTY ? '\r' : ''}${title}… ${outcome} after ${seconds()} s\n`);
  return { code, output: Buffer.concat(chunks).toString() };
}

/** Runs a command on our terminal and ends this process as it ended. */
export async function runInstead(command, parameters, { cwd }) {
  process.exit(await exitCode(spawn(command, parameters, { cwd, stdio: 'inherit' })));
}

/** Passes our signals on and waits for the end; death by a signal counts as 128 + its number, as in a shell. */
function exitCode(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let passedOn = 0;
  const passOn = (signal) => {
    // Ctrl-C arrives twice below npm, from the terminal and from npm; the child should see one wish to end.
    if (Date.now() - passedOn < 1000) return;
    passedOn = Date.now();
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => signals.forEach((signal) => process.off(signal, passOn)));
}
