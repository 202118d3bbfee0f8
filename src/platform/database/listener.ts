import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';

/** What a subscriber is told: a message, or that messages may have been missed while the connection was down. */
export interface Subscriber {
  onMessage(payload: string): void;
  onGap(): void;
}

const RECONNECT_MS = 500;
/** A line that is open and dead says nothing, like one on which nothing changes: so it is asked. */
const ASK_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 3_000;

/** One connection that LISTENs, so that a change made in one process is known in all of them at once. */
export class Listener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Listener.name);
  private readonly subscribers = new Map<string, Subscriber[]>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private asking: NodeJS.Timeout | undefined;
  private closing = false;

  constructor(private readonly url: string) {}

  /** Subscribes to a channel; call before the application has started. */
  subscribe(channel: string, subscriber: Subscriber): void {
    this.subscribers.set(channel, [...(this.subscribers.get(channel) ?? []), subscriber]);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.asking = setInterval(() => void this.ask(), ASK_EVERY_MS);
    await this.connect();
  }

  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    clearInterval(this.asking);
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  /** Whether changes are being heard right now; a cache must not be trusted for long while they are not. */
  get isListening(): boolean {
    return this.client !== undefined;
  }

  private async connect(): Promise<void> {
    if (this.closing) return;
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'tandem-listener',
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    client.on('error', (error) => this.logger.warn(`the listening connection broke: ${error.message}`));
    client.on('end', () => this.reconnectLater());
    client.on('notification', ({ channel, payload }) =>
      this.subscribers.get(channel)?.forEach((subscriber) => subscriber.onMessage(payload ?? '')),
    );
    try {
      await client.connect();
      for (const channel of this.subscribers.keys())
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      this.client = client;
      this.tellGap();
    } catch (error) {
      this.logger.warn(`cannot listen for changes yet: ${String(error)}`);
      await client.end().catch(() => undefined);
      this.reconnectLater();
    }
  }

  private async ask(): Promise<void> {
    const { client } = this;
    try {
      await client?.query('select');
    } catch (error) {
      this.logger.warn(`the listening connection is dead: ${String(error)}`);
      // Cuts it, because the question is still under way; its end brings the next one about.
      await client?.end();
    }
  }

  private reconnectLater(): void {
    this.client = undefined;
    this.tellGap();
    if (this.closing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_MS);
  }

  private tellGap(): void {
    for (const subscribers of this.subscribers.values())
      subscribers.forEach((subscriber) => subscriber.onGap());
  }
}
