import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Lane, type Placed, WaitingRoom } from './waiting-room.js';

const SIZE = { batch: 10, uploadShare: 3, live: 20, uploads: 40, uploadsPerPartner: 30 };

function room(items: readonly Placed[] = []): WaitingRoom<Placed> {
  const made = new WaitingRoom<Placed>(SIZE);
  items.forEach((item) => made.add(item));
  return made;
}

function items(lane: Lane, partnerId: string, count: number): Placed[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `${partnerId}/${lane}${index}`,
    partnerId,
    lane,
  }));
}

const keys = (batch: readonly Placed[]): string[] => batch.map(({ key }) => key);
const countOf = (batch: readonly Placed[], partnerId: string): number =>
  batch.filter((item) => item.partnerId === partnerId).length;

describe('the room in which attempts wait', () => {
  it('a live attempt goes before every upload that came earlier', () => {
    const waiting = room([...items('upload', 'a', 30), ...items('live', 'b', 1)]);
    expect(waiting.take()[0]).toMatchObject({ partnerId: 'b', lane: 'live' });
  });

  it('a batch with a live attempt carries no more uploads than their share', () => {
    const waiting = room([...items('upload', 'a', 30), ...items('live', 'b', 2)]);
    expect(waiting.take()).toHaveLength(2 + SIZE.uploadShare);
  });

  it('uploads keep their share however many live attempts wait', () => {
    const waiting = room([...items('live', 'b', 20), ...items('upload', 'a', 30)]);
    expect(countOf(waiting.take(), 'a')).toBe(SIZE.uploadShare);
  });

  it('uploads fill the batch when nobody waits at a till', () => {
    expect(room(items('upload', 'a', 30)).take()).toHaveLength(SIZE.batch);
  });

  it('live attempts fill the batch when there are no uploads', () => {
    expect(room(items('live', 'a', 20)).take()).toHaveLength(SIZE.batch);
  });

  it('partners that upload share a batch equally, and what one does not need goes to the others', () => {
    const waiting = room([
      ...items('upload', 'a', 20),
      ...items('upload', 'b', 9),
      ...items('upload', 'c', 1),
    ]);
    const batch = waiting.take();
    expect(['a', 'b', 'c'].map((partner) => countOf(batch, partner))).toEqual([5, 4, 1]);
  });

  it('with more partners than places each has its turn', () => {
    const partners = Array.from({ length: 25 }, (_, index) => `p${index}`);
    const waiting = room(partners.flatMap((partner) => items('upload', partner, 1)));
    const served = [waiting.take(), waiting.take(), waiting.take()].flat().map(({ partnerId }) => partnerId);
    expect(new Set(served)).toEqual(new Set(partners));
  });

  it('a repeat of an attempt in the batch waits for the next one', () => {
    const [one] = items('live', 'a', 1) as [Placed];
    const waiting = room([one, one, { ...one, lane: 'upload' }]);
    expect([keys(waiting.take()), keys(waiting.take()), keys(waiting.take())]).toEqual([
      [one.key],
      [one.key],
      [one.key],
    ]);
    expect(waiting.isEmpty).toBe(true);
  });

  it('one partner cannot fill the room for uploads, and uploads never take the room of live attempts', () => {
    const waiting = room(items('upload', 'a', 30));
    expect(waiting.room('upload', 'a', 1)).toBe('partner-full');
    expect(waiting.room('upload', 'b', 10)).toBe('free');
    expect(waiting.room('upload', 'b', 11)).toBe('full');
    expect(waiting.room('live', 'a', 20)).toBe('free');
    expect(waiting.room('live', 'a', 21)).toBe('full');
  });

  it('room becomes free again as batches are taken', () => {
    const waiting = room(items('upload', 'a', 30));
    waiting.take();
    expect(waiting.room('upload', 'a', SIZE.batch)).toBe('free');
  });

  it('everything that was added is taken once, in batches that are full as long as uploads alone would fill them', () => {
    const item = fc.record({
      key: fc.nat(30).map(String),
      partnerId: fc.constantFrom('a', 'b', 'c', 'd'),
      lane: fc.constantFrom('live' as const, 'upload' as const),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 120 }), (added) => {
        const waiting = room(added);
        const taken: Placed[] = [];
        while (!waiting.isEmpty) {
          const batch = waiting.take();
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(SIZE.batch);
          expect(new Set(keys(batch)).size).toBe(batch.length);
          taken.push(...batch);
        }
        expect(keys(taken).sort()).toEqual(keys(added).sort());
      }),
    );
  });
});
