import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { figure, seconds } from './figures.js';
import type { Installation } from './installation.js';
import { MemoryWatch } from './memory.js';
import { mixedPosts } from './posts.js';
import { size } from './size.js';
import { answeredSince, answersAgain, told, unavailable } from './told.js';

const DELAY_MS = 200;
const RECOVERS_WITHIN_MS = 60_000;
/** A process that keeps what it cannot do grows without end; one that sheds it varies by what is under way. */
const MAY_GROW_MB = 150;

export interface OnLine {
  readonly tandem: Installation;
  readonly line: TcpProxy;
}

/** What happens on the way to PostgreSQL. Needs an API process and a worker that reach it over the line. */
export function describeLineFaults(given: () => OnLine): void {
  describe('a bad line to PostgreSQL', () => {
    let tandem: Installation;
    let line: TcpProxy;

    beforeAll(async () => {
      ({ tandem, line } = given());
      await tandem.openWorld();
    });

    it('that is slow: what is too much is told to come again, and none of it is kept', async () => {
      line.delayMs = DELAY_MS;
      const uploads = tandem.load({
        plan: mixedPosts(tandem.world, { seed: 1, batchShare: 1, batchSize: 500, reversalShare: 0 }),
        ...{ connections: 40, pauseMs: 0 },
      });
      const tills = tandem.load({
        plan: mixedPosts(tandem.world, { seed: 2, batchShare: 0 }),
        connections: 50,
      });
      const memory = new MemoryWatch(tandem.fleet.apis[0]!.pid);
      await eventually(() => tills.answered > 50 && uploads.count('unavailable') > 0, RECOVERS_WITHIN_MS);
      await sleep(size(60_000, 3_000));
      const { early, late } = memory.end();
      line.delayMs = 0;
      await Promise.all([tills.stop(), uploads.stop()]);
      await tandem.check();
      figure(`PostgreSQL ${DELAY_MS} ms further away in each direction`, {
        ...{ 'live posts answered': tills.answered, 'batches of 500 answered': uploads.answered },
        ...{ 'told to come again': uploads.count('unavailable') + tills.count('unavailable') },
        ...{ 'memory early': `${early} MB`, 'memory late': `${late} MB` },
      });
      expect(late).toBeLessThan(early + MAY_GROW_MB);
    });

    it('that is open and dead: nobody waits for it for long, and what comes back is found', async () => {
      const tills = tandem.load({ plan: mixedPosts(tandem.world, { seed: 3 }), connections: 24 });
      await eventually(() => tills.answered > 50, RECOVERS_WITHIN_MS);
      const memory = new MemoryWatch(tandem.fleet.apis[0]!.pid);
      line.freeze();
      const frozenAt = performance.now();
      await eventually(() => unavailable(tills, frozenAt - 1_000).length > 0, RECOVERS_WITHIN_MS);
      const noticedMs = performance.now() - frozenAt;
      await sleep(size(30_000, 3_000));
      expect(answeredSince(tills, frozenAt + noticedMs)).toBe(0);
      line.thaw();
      const recoveryMs = await answersAgain(tills, RECOVERS_WITHIN_MS);
      await tills.stop();
      const { early, late } = memory.end();
      await tandem.check();
      figure('every connection to PostgreSQL open and dead', {
        ...{ 'noticed after': seconds(noticedMs), ...told(tills, frozenAt + noticedMs + 1_000) },
        ...{ 'answers again after': seconds(recoveryMs) },
        ...{ 'memory early': `${early} MB`, 'memory late': `${late} MB` },
      });
      expect(late).toBeLessThan(early + MAY_GROW_MB);
    });
  });
}
