import { showDemo } from './demo/show-demo.js';
import { TandemError } from './kernel/errors.js';
import { EnvironmentError, readEnvironment } from './platform/config/environment.js';
import { startApplication, type RunningApplication } from './start-application.js';

/** Runs Tandem until it is asked to stop. */
async function main(): Promise<void> {
  const environment = readEnvironment();
  const started = new Stopper();
  const tell = (step: string): void => void process.stdout.write(`${step} …\n`);
  const application = await startApplication(environment, tell);
  await started.watch(application);
  const docs = environment.ROLE === 'worker' ? '' : ` (documentation: ${application.url}/docs)`;
  process.stdout.write(`\nTandem answers at ${application.url}${docs}\n`);
  if (application.newOperatorKey)
    process.stdout.write(`Operator key, shown this once: ${application.newOperatorKey}\n`);
  if (environment.DEMO === 'on') await showDemo(application, environment, tell);
}

/** Ends the process in order on Ctrl-C and SIGTERM; a signal during the start waits until there is something to stop. */
class Stopper {
  private application: RunningApplication | undefined;
  private isAsked = false;
  private isStopping = false;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void this.ask());
  }

  async watch(application: RunningApplication): Promise<void> {
    this.application = application;
    if (this.isAsked) await this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsked = true;
    if (!this.application || this.isStopping) return;
    this.isStopping = true;
    await this.application.stop().catch(fail);
    process.exit(0);
  }
}

function fail(error: unknown): never {
  // What whoever runs this can put right needs its sentence; the stack is for faults of ours.
  const isExpected =
    error instanceof EnvironmentError || (error instanceof TandemError && error.kind === 'operational');
  process.stderr.write(
    `${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

main().catch(fail);
