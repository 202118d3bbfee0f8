import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A line to a server that can be cut and mended, slowed down and frozen: the server "goes away" for its clients and nobody
 * else. What is frozen stays connected and silent, as when a machine loses power or a firewall forgets a connection.
 */
export class TcpProxy {
  /** Added to everything that passes from now on, in each direction. */
  delayMs = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;
  private isFrozen = false;

  private constructor(private readonly target: URL) {}

  static async start(targetUrl: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(targetUrl));
    await proxy.mend();
    return proxy;
  }

  /** The target's URL, through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Breaks every connection and refuses new ones. */
  async cut(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Accepts connections (again), always on the same port. */
  async mend(): Promise<void> {
    const server = createServer((client) => this.join(client));
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    this.server = server;
  }

  /** From now on nothing passes: connections stay open, and new ones are accepted, without a word. */
  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  /** New connections work again. Those that were frozen stay open and never speak again. */
  thaw(): void {
    this.isFrozen = false;
  }

  private join(client: Socket): void {
    client.on('error', () => undefined);
    this.sockets.add(client);
    client.on('close', () => this.sockets.delete(client));
    if (this.isFrozen) {
      client.pause();
      return;
    }
    const upstream = connect(Number(this.target.port), this.target.hostname);
    this.sockets.add(upstream);
    upstream.on('close', () => this.sockets.delete(upstream));
    // Nobody listens there: the client learns of it as it would without us.
    upstream.on('error', () => client.resetAndDestroy());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    this.pass(client, upstream);
    this.pass(upstream, client);
  }

  private pass(from: Socket, to: Socket): void {
    const later = delayed(() => this.delayMs);
    later.on('error', () => to.destroy());
    from.pipe(later).pipe(to);
  }
}

/** Passes everything on that much later and in order, without limiting how much is on its way. */
function delayed(delayMs: () => number): Transform {
  let last = Promise.resolve();
  return new Transform({
    highWaterMark: 16 * 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      const due = performance.now() + delayMs();
      last = last.then(async () => {
        const wait = due - performance.now();
        if (wait > 0) await sleep(wait);
        this.push(chunk);
      });
      done();
    },
    flush(done) {
      void last.then(() => done());
    },
  });
}
