import { describe, expect, it } from '@jest/globals';
import { Clock } from './clock.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('new ids', () => {
  it('are all different, however many are asked for', () => {
    const clock = new Clock();
    const ids = Array.from({ length: 5_000 }, () => clock.newId());
    expect(new Set(ids).size).toBe(5_000);
    for (const id of ids) expect(id).toMatch(UUID_V7);
  });
});
