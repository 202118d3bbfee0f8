import { setTimeout as sleep } from 'node:timers/promises';
import { GivenAnswers } from './given-answers.js';
import { Line, type Reply } from './line.js';
import type { Item, Plan, Post } from './posts.js';

export interface LoadOptions {
  /** Addresses of API processes, asked for before every request; requests take turns. */
  readonly targets: () => readonly string[];
  readonly plan: Plan;
  readonly connections?: number;
  /** Mean pause of a connection between two posts. */
  readonly pauseMs?: number;
  /** How long a till asks again before it goes home without an answer. */
  readonly patienceMs?: number;
}

/**
 * One try: what came of it and how long that took. `unavailable`: told to come again; `lost`: the connection broke;
 * `refused`: nobody listened, so the next address is asked soon, as a load balancer does.
 */
export interface Try {
  readonly at: number;
  readonly ms: number;
  readonly outcome: 'answered' | 'unavailable' | 'lost' | 'refused' | 'wrong';
}

const ROUTES = {
  redemption: { path: '/v1/redemptions', status: 201 },
  batch: { path: '/v1/redemptions/batch', status: 200 },
  reversal: { path: '/v1/reversals', status: 201 },
} as const;

/** The service or one partner's uploads are too many at the moment. */
const COME_AGAIN: readonly number[] = [503, 429];

/**
 * Tills that post from several connections and ask again with the same externalId when the connection breaks or the answer
 * is 503, until they have an answer. Records every answer that was given.
 */
export class LoadClient {
  readonly tries: Try[] = [];
  /** What should never happen: another status than success, 503 and 429, one of these without Retry-After, no answer at all. */
  readonly wrongs: string[] = [];
  private readonly options: Required<LoadOptions>;
  private readonly tills: Promise<void>[] = [];
  /** Answers that were read from what an earlier try had stored. */
  replays = 0;
  private isStopping = false;
  private turn = 0;

  constructor(
    options: LoadOptions,
    readonly given: GivenAnswers = new GivenAnswers(),
  ) {
    this.options = { connections: 8, pauseMs: 120, patienceMs: 240_000, ...options };
  }

  start(): this {
    for (let till = 0; till < this.options.connections; till += 1) this.tills.push(this.work());
    return this;
  }

  /** Waits until the plan has ended and everything is answered. */
  async finish(): Promise<void> {
    await Promise.all(this.tills);
  }

  /** Posts nothing new, and waits until everything that was posted is answered. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.finish();
  }

  get answered(): number {
    return this.count('answered');
  }

  count(outcome: Try['outcome']): number {
    return this.tries.reduce((sum, one) => sum + (one.outcome === outcome ? 1 : 0), 0);
  }

  private async work(): Promise<void> {
    const line = new Line();
    while (!this.isStopping) {
      const post = this.options.plan(() => this.given.takeAccepted());
      if (!post) break;
      await this.deliver(line, post);
      await sleep(Math.random() * 2 * this.options.pauseMs);
    }
    line.close();
  }

  private async deliver(line: Line, post: Post): Promise<void> {
    const register = post.kind === 'reversal' ? this.given.reversals : this.given.redemptions;
    for (const item of post.items) register.post(post.till.id, item);
    const giveUpAt = performance.now() + this.options.patienceMs;
    let sent: Sent = { left: post.items, outcome: 'answered' };
    for (let tries = 0; sent.left.length > 0; tries += 1) {
      if (tries > 0) await sleep(sent.outcome === 'refused' ? 10 : backoff(tries));
      if (performance.now() > giveUpAt) {
        this.wrongs.push(`${sent.left[0]?.externalId} was not answered after ${tries} tries`);
        return;
      }
      const at = performance.now();
      sent = await this.try(line, { ...post, items: sent.left });
      this.tries.push({ at, ms: performance.now() - at, outcome: sent.outcome });
    }
  }

  private async try(line: Line, post: Post): Promise<Sent> {
    const { path, status } = ROUTES[post.kind];
    const targets = this.options.targets();
    const url = `${targets[(this.turn += 1) % targets.length]}${path}`;
    let reply: Reply;
    try {
      reply = await line.post(
        url,
        post.till.pos.key,
        post.kind === 'batch' ? { items: post.items } : post.items[0],
      );
    } catch (error) {
      const isRefused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      return { left: post.items, outcome: isRefused ? 'refused' : 'lost' };
    }
    if (COME_AGAIN.includes(reply.status)) {
      if (reply.headers['retry-after'] === undefined)
        this.wrongs.push(`a ${reply.status} without Retry-After`);
      return { left: post.items, outcome: 'unavailable' };
    }
    if (reply.headers['idempotency-replayed'] === 'true') this.replays += 1;
    if (reply.status === status) return { left: this.record(post, reply.body), outcome: 'answered' };
    this.wrongs.push(`${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return { left: [], outcome: 'wrong' };
  }

  /** Answers what is left of the post, to be sent again. */
  private record(post: Post, body: unknown): readonly Item[] {
    if (post.kind === 'reversal') {
      this.given.reversals.answer(post.till.id, post.items[0]?.externalId ?? '', body as Answer);
      return [];
    }
    const answers = post.kind === 'batch' ? (body as { results: Answer[] }).results : [body as Answer];
    return post.items.filter((item, index) => !this.recordOne(post, item, answers[index]));
  }

  /** Whether this was an answer; an item of a batch may be told to come again. */
  private recordOne({ till }: Post, { externalId }: Item, answer: Answer | undefined): boolean {
    const error = answer?.['error'] as { status: number } | undefined;
    if (COME_AGAIN.includes(error?.status ?? 0)) return false;
    if (!answer || error) this.wrongs.push(`${externalId} of a batch: ${JSON.stringify(answer)}`);
    else this.given.redemptions.answer(till.id, externalId, answer);
    if (answer?.['status'] === 'accepted') this.given.addAccepted(till, externalId);
    return true;
  }
}

interface Sent {
  readonly left: readonly Item[];
  readonly outcome: Try['outcome'];
}

function backoff(tries: number): number {
  return Math.min(50 * 2 ** tries, 1_000) * (0.5 + Math.random());
}

type Answer = Readonly<Record<string, unknown>>;
