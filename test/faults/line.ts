import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Undefined when it was no JSON. */
  readonly body: unknown;
}

/** Longer than the service lets anything wait, so that it is the service that gives up first. */
const GIVE_UP_AFTER_MS = 30_000;

/** One till's connection, kept open between requests as a till would. */
export class Line {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** Rejects when the connection breaks or nothing comes for half a minute. */
  post(url: string, key: string, body: unknown): Promise<Reply> {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method: 'POST', agent: this.agent, headers, timeout: GIVE_UP_AFTER_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('aborted', () => reject(new Error('the answer was cut off')));
          response.once('end', () => {
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, body: parse(Buffer.concat(chunks).toString()) });
          });
        },
      );
      sent.once('error', reject);
      sent.once('timeout', () => sent.destroy(new Error('no answer')));
      sent.end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
