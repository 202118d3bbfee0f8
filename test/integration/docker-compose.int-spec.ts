import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readEnvironment } from '../../src/platform/config/environment.js';

interface Service {
  readonly image?: string;
  readonly environment?: Record<string, string>;
  readonly healthcheck?: object;
  readonly command?: readonly string[];
  readonly depends_on?: Record<string, { condition: string }>;
}

const root = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe('docker-compose.yml', () => {
  const { services } = parse(root('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>;
  };

  it('starts an API and a worker with settings that the service accepts', () => {
    // Compose fills in `${NAME:-default}`; nothing is set here, so the defaults count.
    const settingsOf = ({ environment = {} }: Service) =>
      Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+:-(.*?)\}/g, '$1')]),
      );
    const roles = [services['api']!, services['worker']!].map((service) =>
      readEnvironment(settingsOf(service)),
    );
    expect(roles.map(({ ROLE }) => ROLE)).toEqual(['api', 'worker']);
    expect(
      roles.every(({ DATABASE_URL, REDIS_URL, DEMO }) => DATABASE_URL && REDIS_URL && DEMO === 'off'),
    ).toBe(true);
  });

  it('names only settings that exist, so that none is silently ignored', () => {
    const source = root('src/platform/config/environment.ts');
    const names = Object.values(services).flatMap((service) =>
      service.image ? [] : Object.keys(service.environment ?? {}),
    );
    expect(names.filter((name) => !source.includes(`${name}: `))).toEqual([]);
  });

  it('waits for stores that are healthy, and never lets Redis evict', () => {
    for (const role of ['api', 'worker']) {
      expect(services[role]!.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
    expect([services['postgres']!.healthcheck, services['redis']!.healthcheck]).not.toContain(undefined);
    expect(services['redis']!.command?.join(' ')).toContain('--maxmemory-policy noeviction --appendonly yes');
  });

  it('comes with an image that checks its own health and runs without rights', () => {
    const dockerfile = root('Dockerfile');
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).toMatch(/^USER node$/m);
  });
});
