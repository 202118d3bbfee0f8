import autocannon from 'autocannon';
import type { BenchProgramme } from './set-up-programme.js';
import { median } from './median.js';

/** Requests per second, and latencies in milliseconds. */
export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Load {
  readonly url: string;
  readonly programme: BenchProgramme;
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second in all; without it as many as the connections take. */
  readonly rate?: number;
}

let runs = 0;

/** Posts one redemption after another on every connection. Throws when an answer is not an acceptance. */
export async function measure({ url, programme, connections, seconds, rate }: Load): Promise<Measured> {
  runs += 1;
  let sent = 0;
  const run = runs;
  const result = await autocannon({
    ...{ url, connections, duration: seconds, method: 'POST' },
    ...(rate !== undefined && { overallRate: Math.max(1, Math.round(rate)) }),
    headers: { authorization: `Bearer ${programme.posKey}`, 'content-type': 'application/json' },
    // A refusal is a 201 too.
    verifyBody: (body) => String(body).includes('"status":"accepted"'),
    requests: [
      {
        setupRequest: (request) => {
          sent += 1;
          return { ...request, body: programme.body(`${run}-${sent}`, sent) };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0 || result.mismatches > 0)
    throw new Error(
      `${url}: ${result.non2xx} answers other than 2xx, ${result.errors} errors, ${result.mismatches} refusals`,
    );
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}

/** The medians of several measurements of the same. */
export function medians(all: readonly Measured[]): Measured {
  return {
    perSecond: median(all.map((one) => one.perSecond)),
    p50: median(all.map((one) => one.p50)),
    p99: median(all.map((one) => one.p99)),
  };
}
