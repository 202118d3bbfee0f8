import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ChannelClockCommands, type WrongClock } from '../partners/channel-clock.commands.js';
import { addPost, type ClockWindow, EMPTY_WINDOW, readWindow } from '../partners/domain/clock-window.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Submission, SubmissionResult } from './intake/submission.js';

/** Long enough to write once for many posts, short enough for somebody who has just set a clock and looks. */
const WRITE_EVERY_MS = 5_000;
/** A wrong clock is told once a day per process: it takes somebody at the till to set it. */
const TELL_EVERY_MS = 24 * 60 * 60 * 1000;
/** What was told is forgotten past this many, and told again. */
const MOST_TOLD = 10_000;

/**
 * Notices tills whose clocks are wrong. What posts say is gathered in memory and written every few seconds in two statements for all
 * channels together, beside the path of a decision. What a process that dies has gathered is lost: the next post says it again.
 */
@Injectable()
export class ClockWatch implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ClockWatch.name);
  private windows = new Map<string, ClockWindow>();
  private readonly toldAt = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clocks: ChannelClockCommands,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.observe(
      'tandem_wrong_clocks',
      'Channels whose tills have had a wrong clock within the last day',
      () => this.database.read((tx) => this.clocks.countWrong(tx)),
    );
    this.timer = setInterval(() => {
      this.current = this.current.then(() => this.writeQuietly());
    }, WRITE_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.current;
    await this.writeQuietly();
  }

  /** Takes note of when a decided post happened and came. A repeat says nothing: it came before. */
  notice({ redeemerPartnerId, channelId, occurredAt, offline }: Submission, result: SubmissionResult): void {
    if (result.kind !== 'decided' || result.replayed) return;
    const key = `${redeemerPartnerId}/${channelId}`;
    const { receivedAt } = result.redemption;
    this.windows.set(
      key,
      addPost(this.windows.get(key) ?? EMPTY_WINDOW, { occurredAt, receivedAt, offline }),
    );
  }

  /** Writes what was noticed since the last time. */
  async write(): Promise<void> {
    const read = [...this.windows].map(([key, window]) => ({ ...channelOf(key), seen: readWindow(window) }));
    this.windows = new Map();
    const sightings = read.flatMap(({ seen, ...channel }) =>
      seen === null || seen === 'on-time' ? [] : [{ ...channel, ...seen }],
    );
    const onTime = read.filter(({ seen }) => seen === 'on-time');
    if (read.length === 0) return;
    const wrong = await this.database.transaction(async (tx) => {
      await this.clocks.clear(tx, onTime);
      return this.clocks.record(tx, sightings);
    });
    wrong.forEach((one) => this.tell(one));
  }

  private async writeQuietly(): Promise<void> {
    await this.write().catch((error: unknown) =>
      this.logger.debug(`what was noticed about clocks is lost: ${String(error)}`),
    );
  }

  private tell({ partnerId, channelId, skewMs }: WrongClock): void {
    const now = this.clock.now();
    if (now - (this.toldAt.get(channelId) ?? -Infinity) < TELL_EVERY_MS) return;
    if (this.toldAt.size >= MOST_TOLD) this.toldAt.clear();
    this.toldAt.set(channelId, now);
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    const what = skewMs > 0 ? 'ahead, and its sales are refused' : 'behind, or its sales are posted late';
    this.logger.warn(
      `the clock of channel ${channelId} of partner ${partnerId} is ${minutes} minutes ${what}`,
    );
  }
}

function channelOf(key: string): { partnerId: string; channelId: string } {
  const [partnerId = '', channelId = ''] = key.split('/');
  return { partnerId, channelId };
}
