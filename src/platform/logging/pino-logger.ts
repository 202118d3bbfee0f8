import type { LoggerService } from '@nestjs/common';
import { pino, type Logger as Pino, type LoggerOptions } from 'pino';

/** Fields that must never reach a log: keys, codes, customer references. */
const SECRETS = [
  'authorization',
  'apiKey',
  'key',
  'secret',
  'code',
  'word',
  'customer',
  'reference',
  'phone',
  'email',
  'receipt',
  'idempotencyKey',
];
const REDACT = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** API keys that slipped into a sentence. */
const API_KEY = /tdm_[A-Za-z0-9]+_[A-Za-z0-9]+/g;

/** Makes the process's pino. "pretty" is one plain line per event for a terminal; "json" is for log collectors. */
export function createPino(options: { level: string; format: 'pretty' | 'json' }): Pino {
  const settings: LoggerOptions = {
    level: options.level,
    base: null,
    redact: { paths: REDACT, censor: '[redacted]' },
  };
  if (options.format === 'json') return pino(settings);
  return pino(settings, { write: (line: string) => process.stdout.write(prettyLine(line)) });
}

/** Nest's logger on pino. */
export class PinoLogger implements LoggerService {
  constructor(private readonly out: Pino) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context last, and the stack before it for errors. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const texts = rest.filter((part): part is string => typeof part === 'string');
    const fields = Object.assign({}, ...rest.filter((part) => typeof part === 'object')) as Record<
      string,
      unknown
    >;
    const stack = texts.length > 1 || texts[0]?.includes('\n    at ') ? texts[0] : undefined;
    const context = stack === texts.at(-1) ? undefined : texts.at(-1);
    const said = message instanceof Error ? (message.stack ?? message.message) : String(message);
    this.out[level](
      { ...(context && { context }), ...(stack && { stack: clean(stack) }), ...fields },
      clean(said),
    );
  }
}

function clean(text: string): string {
  return text.replace(API_KEY, 'tdm_[redacted]');
}

const LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function prettyLine(line: string): string {
  const { level, time, msg, context, stack, ...fields } = JSON.parse(line) as Record<string, unknown> & {
    level: number;
    time: number;
  };
  const rest = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  const clock = new Date(time).toISOString().slice(11, 19);
  const where = typeof context === 'string' ? `${context}: ` : '';
  return `${clock} ${LEVELS[level] ?? ''} ${where}${String(msg)}${rest}\n${typeof stack === 'string' ? `${stack}\n` : ''}`;
}
