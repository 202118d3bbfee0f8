import { Api } from '../support/api.js';
import { newOperatorKey } from '../support/test-app.js';
import { type TestProcess, testProcess } from '../support/test-process.js';

export interface FleetOptions {
  readonly databaseUrl: string;
  /** Unset: the queue is kept in PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly apis: number;
  readonly workers: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** One process of a role that keeps its address when it is started again. */
export class Member {
  private process: TestProcess | undefined;
  private isWished = false;

  constructor(
    private readonly variables: Record<string, string>,
    private readonly flags: readonly string[] = [],
  ) {}

  get url(): string {
    if (!this.process) throw new Error('this process was never started');
    return this.process.url;
  }

  get pid(): number {
    return this.process?.child.pid ?? 0;
  }

  get output(): string {
    return this.process?.output() ?? '';
  }

  /** What it said when it ended by itself; undefined while it runs, and after a stop that was wished for. */
  get death(): string | undefined {
    const { process } = this;
    if (!process || this.isWished || isRunning(process)) return undefined;
    return `process ${process.child.pid} ended by itself: ${process.output().slice(-2_000)}`;
  }

  async start(): Promise<void> {
    const port = this.process ? new URL(this.process.url).port : '0';
    this.process = await testProcess({ ...this.variables, PORT: port }, this.flags);
    this.isWished = false;
  }

  async kill(): Promise<void> {
    this.isWished = true;
    await this.process?.kill();
  }

  async stop(): Promise<void> {
    this.isWished = true;
    await this.process?.stop();
  }

  /** Freezes it in the middle of whatever it does. */
  pause(): void {
    this.process?.child.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.child.kill('SIGCONT');
  }
}

function isRunning({ child }: TestProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The processes of one installation, each of its own, as an operator would run them. */
export class Fleet {
  private readonly further: Member[] = [];

  private constructor(
    readonly apis: readonly Member[],
    readonly workers: readonly Member[],
    readonly operatorKey: string,
    private readonly variables: Record<string, string>,
  ) {}

  static async start(options: FleetOptions): Promise<Fleet> {
    const operatorKey = newOperatorKey();
    const variables = {
      DATABASE_URL: options.databaseUrl,
      OPERATOR_KEY: operatorKey,
      ...(options.redisUrl && { REDIS_URL: options.redisUrl }),
      ...options.variables,
    };
    const members = (role: string, count: number): Member[] =>
      Array.from({ length: count }, () => new Member({ ...variables, ROLE: role }));
    const fleet = new Fleet(
      members('api', options.apis),
      members('worker', options.workers),
      operatorKey,
      variables,
    );
    // The first one brings the schema up to date; it would only keep the others waiting.
    const [first, ...others] = [...fleet.apis, ...fleet.workers];
    await first?.start();
    await Promise.all(others.map((member) => member.start()));
    return fleet;
  }

  /** Starts a further process of a role, with its clock that far ahead of the machine's. */
  async startAhead(role: 'api' | 'worker', aheadMs: number): Promise<Member> {
    const flags = ['--import', new URL('./shifted-clock.mjs', import.meta.url).href];
    const variables = { ...this.variables, ROLE: role, CLOCK_SHIFT_MS: String(aheadMs) };
    const member = new Member(variables, flags);
    this.further.push(member);
    await member.start();
    return member;
  }

  get operator(): Api {
    return new Api(this.apis[0]?.url ?? '', this.operatorKey);
  }

  readonly targets = (): string[] => this.apis.map(({ url }) => url);

  /** Processes that ended although nobody asked them to. */
  get deaths(): string[] {
    return this.all.flatMap(({ death }) => death ?? []);
  }

  async stop(): Promise<void> {
    for (const member of this.all) member.resume();
    await Promise.all(this.all.map((member) => member.kill()));
  }

  private get all(): Member[] {
    return [...this.apis, ...this.workers, ...this.further];
  }
}
