import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { figure, seconds } from './figures.js';
import type { Installation } from './installation.js';
import { LoadBalancer } from './load-balancer.js';
import { mixedPosts } from './posts.js';
import { backlog, isAttributing, rollupsMove } from './progress.js';
import { size } from './size.js';

/** A new process on a slow and busy machine. */
const PATIENCE_MS = 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Processes that die, stop, restart, or do not know the time. Needs two API processes and two workers. */
export function describeProcessFaults(installation: () => Installation): void {
  describe('processes that die', () => {
    let tandem: Installation;

    beforeAll(async () => {
      tandem = installation();
      await tandem.openWorld();
    });

    it('a worker killed again and again in the middle of its work loses nothing and does nothing twice', async () => {
      const kills = size(20, 2);
      const [worker, other] = tandem.fleet.workers;
      const isAlone = size(true, false);
      if (isAlone) await other!.kill();
      const load = tandem.load({ plan: mixedPosts(tandem.world) });
      let cutOff = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        await rollupsMove(tandem.watch, PATIENCE_MS);
        await sleep(Math.random() * 200);
        if (await isAttributing(tandem.watch)) cutOff += 1;
        await worker!.kill();
        await worker!.start();
      }
      await load.stop();
      const left = await backlog(tandem.watch);
      // The promise of the table: 90 s for what was left.
      const { drainedMs, redemptions } = await tandem.check(90_000);
      expect(load.count('lost') + load.count('unavailable')).toBe(0);
      figure(`kill -9 the worker ${kills} times`, {
        ...{ redemptions, 'killed inside a transaction': cutOff },
        ...{ 'batches left': left, 'backlog 0 after': seconds(drainedMs) },
      });
      if (isAlone) await other!.start();
    });

    it('an API killed under 200 parallel posts has told nobody anything that is not so, and tells it again', async () => {
      const rounds = size(5, 1);
      const [api] = tandem.fleet.apis;
      let [lost, replays] = [0, 0];
      for (let round = 0; round < rounds; round += 1) {
        const plan = mixedPosts(tandem.world, { seed: 100 + round, reversalShare: 0, batchShare: 0.02 });
        const posts = Array.from({ length: 200 }, () => plan(() => undefined)!);
        const left = [...posts];
        const load = tandem.load({ plan: () => left.shift(), connections: 200, pauseMs: 0 });
        await eventually(() => load.answered > 20 * (1 + round), PATIENCE_MS);
        await api!.kill();
        await api!.start();
        await load.finish();
        // Every till asks once more: the oracle compares the answers.
        await tandem.post(posts, 50);
        lost += load.count('lost');
        replays += load.replays;
      }
      await tandem.check();
      const answers = tandem.given.redemptions.all().filter(({ answers }) => answers.length > 1).length;
      figure(`kill -9 the API ${rounds} times under 200 parallel posts`, {
        ...{ 'tries cut off': lost, 'answered by what the dead process had stored': replays },
        'asked twice and answered alike': answers,
      });
      expect(answers).toBeGreaterThanOrEqual(200 * rounds);
    });

    it('a worker stopped past the end of its locks, then continued, has no effect twice', async () => {
      // BullMQ's lock ends after 30 s, PostgreSQL gives up on the open transaction after 30 s as well.
      const stoppedMs = size(45_000, 8_000);
      const [worker] = tandem.fleet.workers;
      const load = tandem.load({ plan: mixedPosts(tandem.world, { seed: 7 }) });
      const isInside = async (): Promise<boolean> => {
        worker!.pause();
        if (await isAttributing(tandem.watch)) return true;
        worker!.resume();
        return false;
      };
      await eventually(isInside, PATIENCE_MS);
      await sleep(stoppedMs / 2);
      await load.stop();
      await sleep(stoppedMs / 2);
      const left = await backlog(tandem.watch);
      worker!.resume();
      const { drainedMs } = await tandem.check();
      figure(`SIGSTOP of a worker for ${seconds(stoppedMs)}`, {
        ...{ 'batches left by the other worker': left, 'backlog 0 after': seconds(drainedMs) },
      });
    });

    it('a rolling restart fails no request and leaves no job behind', async () => {
      const rounds = size(3, 1);
      const { apis, workers } = tandem.fleet;
      // Jobs of workers that were killed before count as taken until their locks have ended.
      const abandoned = await jobsUnderWay(tandem);
      const balancer = new LoadBalancer(tandem.fleet);
      const load = tandem.load({
        plan: mixedPosts(tandem.world, { seed: 9 }),
        ...{ targets: balancer.targets, connections: 24 },
      });
      await eventually(() => load.answered > 50, PATIENCE_MS);
      for (let round = 0; round < rounds; round += 1) {
        for (const member of size([...apis, ...workers], [apis[0]!])) {
          await member.stop();
          await member.start();
        }
      }
      await Promise.all(workers.map((worker) => worker.stop()));
      const left = (await jobsUnderWay(tandem)).filter((job) => !abandoned.includes(job));
      await Promise.all(workers.map((worker) => worker.start()));
      await load.stop();
      balancer.stop();
      const { drainedMs } = await tandem.check();
      figure(`SIGTERM to every process in turn, ${rounds} times`, {
        ...{ answered: load.answered, 'passed on to the next address': load.count('refused') },
        ...{ 'cut off': load.count('lost'), '503': load.count('unavailable') },
        ...{ 'jobs left behind': left.length, 'backlog 0 after': seconds(drainedMs) },
      });
      expect(load.count('lost') + load.count('unavailable')).toBe(0);
      expect(left).toEqual([]);
    });

    it('clocks that are wrong change no decision and no report', async () => {
      const [early, late] = [-10 * MINUTE_MS, 2 * HOUR_MS];
      const { fleet, world, watch } = tandem;
      const wrong = await Promise.all([
        fleet.startAhead('api', late),
        fleet.startAhead('api', early),
        ...size([fleet.startAhead('worker', late)], []),
      ]);
      const targets = [fleet.apis[0]!, ...wrong.slice(0, 2)].map(({ url }) => url);
      const load = tandem.load({ plan: mixedPosts(world, { seed: 11 }), targets: () => targets });
      await eventually(() => load.answered > size(2_000, 100), 5 * PATIENCE_MS);
      await load.stop();
      await tandem.check();
      const { rows } = await watch.query<{ wrong: number }>(
        `select count(*)::int as wrong from redemptions where abs(extract(epoch from recorded_at - received_at)) > 300`,
      );
      expect(rows[0]!.wrong).toBe(0);
      const reports = await Promise.all(
        targets.map((url) => reportOf(new Api(url, world.issuer.finance.key), world.campaignId)),
      );
      expect(new Set(reports).size).toBe(1);
      await Promise.all(wrong.map((member) => member.kill()));
      figure('clocks of processes +2 h and -10 min', {
        ...{ redemptions: load.answered, 'decided at a wrong time': rows[0]!.wrong, 'different reports': 0 },
      });
    });
  });
}

/** Jobs that some worker has taken and not finished, as the queue knows them. */
async function jobsUnderWay({ redis }: Installation): Promise<string[]> {
  if (!redis) return [];
  const client = new Redis(redis.url);
  const lists = await client.keys('*:active');
  const jobs = await Promise.all(lists.map((list) => client.lrange(list, 0, -1)));
  client.disconnect();
  return jobs.flat();
}

async function reportOf(finance: Api, campaignId: string): Promise<string> {
  const { text } = await finance.get(`/v1/campaigns/${campaignId}/report`);
  return text;
}
