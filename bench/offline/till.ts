import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchProgramme } from '../redeem/set-up-programme.js';

const ACCEPTED = /"status":"accepted"/g;
const HOUR_MS = 3_600_000;

/** Posts as a till does, and looks at every answer: a refusal ends the run, an answer that asks to come again is obeyed. */
export class Till {
  private sent = 0;

  constructor(
    private readonly url: string,
    private readonly programme: BenchProgramme,
    /** Begins all external ids: no two tills may have the same. */
    private readonly name: string,
  ) {}

  /** Uploads so many sales of the last hours in one call. */
  async upload(count: number): Promise<void> {
    const items = Array.from({ length: count }, () => this.sale());
    const answer = await this.post('/v1/redemptions/batch', `{"items":[${items.join()}]}`);
    const accepted = answer.match(ACCEPTED)?.length ?? 0;
    if (accepted !== count) throw new Error(`${accepted} of ${count} were accepted: ${answer.slice(0, 500)}`);
  }

  /** Posts one sale whose customer waits, and answers how long it took in milliseconds. */
  async sell(): Promise<number> {
    this.sent += 1;
    const start = performance.now();
    const answer = await this.post(
      '/v1/redemptions',
      this.programme.body(`${this.name}-${this.sent}`, this.sent),
    );
    if (!answer.includes('"status":"accepted"')) throw new Error(`not accepted: ${answer}`);
    return performance.now() - start;
  }

  /** What the till did while it was offline, told with the discount it gave. */
  private sale(): string {
    this.sent += 1;
    const post = this.programme.body(`${this.name}-${this.sent}`, this.sent);
    const occurredAt = new Date(Date.now() - (this.sent % 1_000) * (HOUR_MS / 100)).toISOString();
    return `${post
      .replace(/"occurredAt":"[^"]*"/, `"occurredAt":"${occurredAt}"`)
      .slice(0, -1)},"discount":{"amount":"5.00","currency":"EUR"},"clerk":"Olga","offline":true}`;
  }

  private async post(path: string, body: string): Promise<string> {
    const response = await fetch(this.url + path, {
      ...{ method: 'POST', body },
      headers: { authorization: `Bearer ${this.programme.posKey}`, 'content-type': 'application/json' },
    });
    const text = await response.text();
    if (response.ok) return text;
    const retryAfter = response.headers.get('retry-after');
    if (retryAfter === null) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    await sleep(Number(retryAfter) * 1_000);
    return this.post(path, body);
  }
}
