import pg from 'pg';

const LOOK_EVERY_MS = 50;

/** Waits until the worker has done everything that was recorded; answers the seconds that took. */
export async function drained(databaseUrl: string): Promise<number> {
  const startedAt = performance.now();
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ waiting: boolean }>(
        'select exists (select from outbox) as waiting',
      );
      if (!rows[0]?.waiting) return (performance.now() - startedAt) / 1000;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    await client.end();
  }
}
