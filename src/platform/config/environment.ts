import { z } from 'zod';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);
const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be a URL such as ${example}` });

const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** Every setting of the service, from the environment. Unset means the default; a wrong value stops the start. */
const environmentSchema = z.object({
  /** PostgreSQL to use; unset starts the embedded one. */
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://tandem:secret@db:5432/tandem').optional(),
  /** Redis for the queue; unset keeps the queue in PostgreSQL. */
  REDIS_URL: url(/^rediss?$/, 'redis://redis:6379').optional(),
  /** Port of the HTTP API. */
  PORT: wholeNumber(0, 65_535).default(3000),
  /** Address the HTTP API listens on. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Where customers reach the service, for links and QR codes; unset takes the address of the request that asks for one. */
  PUBLIC_URL: url(/^https?$/, 'https://go.example').optional(),
  /** Addresses or networks of load balancers, with commas: only their X-Forwarded-For is believed. Needed for the limits of clicks. */
  TRUSTED_PROXIES: z
    .string()
    .regex(
      /^[0-9a-fA-F:.]+(\/\d{1,3})?(,[0-9a-fA-F:.]+(\/\d{1,3})?)*$/,
      'must look like 10.0.0.0/8,192.0.2.7',
    )
    .transform((list) => list.split(','))
    .default([]),
  /** What this process does: answer HTTP, work the queue, or both. */
  ROLE: oneOf('api', 'worker', 'all').default('all'),
  /** The first operator key, taken as given; unset, the first start makes one and prints it. */
  OPERATOR_KEY: z
    .string()
    .regex(
      /^tdm_[A-Za-z0-9]{4,40}_[A-Za-z0-9]{22,128}$/,
      'must look like tdm_<keyId>_<secret> with at least 22 letters and digits of secret',
    )
    .optional(),
  /** "on" sets up the demo alliance on the first start, "off" leaves the database empty. Default: on with the embedded PostgreSQL. */
  DEMO: oneOf('on', 'off').optional(),
  /** Folder of the embedded PostgreSQL. */
  DATA_DIR: z.string().min(1).default('data'),
  /** Seconds in which a process that was asked to stop still answers, so that a load balancer can notice and send no more. */
  DRAIN_SECONDS: wholeNumber(0, 60).default(0),
  /** Connections to PostgreSQL of this process. */
  DATABASE_POOL: wholeNumber(4, 200).default(12),
  /** Default: info, and warn with the embedded PostgreSQL, where a person watches the terminal. */
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').optional(),
  /** Log for people ("pretty", the default with the embedded PostgreSQL) or for machines ("json"). */
  LOG_FORMAT: oneOf('pretty', 'json').optional(),
});

type Given = z.infer<typeof environmentSchema>;
export type Environment = Given & Required<Pick<Given, 'DEMO' | 'LOG_LEVEL' | 'LOG_FORMAT'>>;

/** All faults of the environment at once, one line each. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(['The settings are not usable:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
}

/** Reads the settings. An empty variable counts as unset. Throws EnvironmentError naming every fault. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(
        (issue) => `${issue.path.join('.')}: ${issue.message}${shown(issue.path, given)}`,
      );
  if (parsed.success && parsed.data.ROLE !== 'all' && !parsed.data.DATABASE_URL) {
    faults.push(
      `ROLE=${parsed.data.ROLE} needs DATABASE_URL: the embedded PostgreSQL serves one process that does everything`,
    );
  }
  if (parsed.success && parsed.data.REDIS_URL && !parsed.data.DATABASE_URL) {
    faults.push('REDIS_URL needs DATABASE_URL too: Redis only carries references to what PostgreSQL holds');
  }
  if (!parsed.success || faults.length > 0) throw new EnvironmentError(faults);
  const isFirstLook = parsed.data.DATABASE_URL === undefined;
  const defaults = isFirstLook
    ? ({ DEMO: 'on', LOG_LEVEL: 'warn', LOG_FORMAT: 'pretty' } as const)
    : ({ DEMO: 'off', LOG_LEVEL: 'info', LOG_FORMAT: 'json' } as const);
  return { ...defaults, ...parsed.data };
}

/** Shows what was given, except where it may hold a password. */
function shown(path: readonly PropertyKey[], given: Readonly<Record<string, unknown>>): string {
  const name = String(path[0]);
  return /URL|KEY/.test(name) || given[name] === undefined ? '' : ` (is ${JSON.stringify(given[name])})`;
}
