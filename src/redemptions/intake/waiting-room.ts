/** `live`: a customer stands at the till and waits. `upload`: the sale is long made, and nobody waits. */
export type Lane = 'live' | 'upload';

/** What is known about one attempt that waits. */
export interface Placed {
  /** Under which the attempt is known for ever. */
  readonly key: string;
  readonly partnerId: string;
  readonly lane: Lane;
}

export interface RoomSize {
  /** Attempts taken at once. */
  readonly batch: number;
  /** Places in a batch that uploads keep while live attempts wait: neither may stop the other. */
  readonly uploadShare: number;
  readonly live: number;
  readonly uploads: number;
  readonly uploadsPerPartner: number;
}

export type Room = 'free' | 'partner-full' | 'full';

/**
 * Where attempts wait for their batch. Live ones go first; uploads fill what is left, the partners in turn, so that one partner's
 * 100,000 late sales delay neither a till nor another partner's upload.
 */
export class WaitingRoom<T extends Placed> {
  private live: T[] = [];
  /** By partner; whoever was served last stands last. */
  private readonly uploads = new Map<string, T[]>();
  private uploading = 0;

  constructor(private readonly size: RoomSize) {}

  get isEmpty(): boolean {
    return this.live.length === 0 && this.uploading === 0;
  }

  /** Whether so many more attempts of a partner may wait. */
  room(lane: Lane, partnerId: string, count: number): Room {
    if (lane === 'live') return this.live.length + count > this.size.live ? 'full' : 'free';
    const own = this.uploads.get(partnerId)?.length ?? 0;
    if (own + count > this.size.uploadsPerPartner) return 'partner-full';
    return this.uploading + count > this.size.uploads ? 'full' : 'free';
  }

  add(item: T): void {
    if (item.lane === 'live') this.live.push(item);
    else {
      const queue = this.uploads.get(item.partnerId);
      if (queue) queue.push(item);
      else this.uploads.set(item.partnerId, [item]);
      this.uploading += 1;
    }
  }

  /**
   * Takes the next batch. A repeat of an attempt that is already in it stays for the next one, where it finds the stored answer.
   */
  take(): T[] {
    const batch: T[] = [];
    const keys = new Set<string>();
    const { batch: most, uploadShare } = this.size;
    const isBusy = this.live.length > 0;
    const kept = isBusy ? Math.min(this.uploading, uploadShare) : 0;
    this.live = moveDistinct(this.live, batch, keys, most - kept);
    this.takeUploads(batch, keys, isBusy ? uploadShare : most);
    return batch;
  }

  private takeUploads(batch: T[], keys: Set<string>, most: number): void {
    const end = Math.min(batch.length + most, this.size.batch);
    let taken = 1;
    while (taken > 0 && batch.length < end) taken = this.takeRound(batch, keys, end);
  }

  /** Every partner that waits gets the same number of places; answers how many were taken. */
  private takeRound(batch: T[], keys: Set<string>, end: number): number {
    const start = batch.length;
    const turn = Math.ceil((end - start) / Math.max(1, this.uploads.size));
    for (const [partnerId, queue] of [...this.uploads]) {
      const before = batch.length;
      const rest = moveDistinct(queue, batch, keys, Math.min(turn, end - before));
      if (batch.length === before) continue;
      this.uploads.delete(partnerId);
      if (rest.length > 0) this.uploads.set(partnerId, rest);
    }
    this.uploading -= batch.length - start;
    return batch.length - start;
  }
}

/** Moves up to `most` items with new keys from the front of a queue to the batch and answers the queue without them. */
function moveDistinct<T extends Placed>(queue: T[], batch: T[], keys: Set<string>, most: number): T[] {
  const repeats: T[] = [];
  const end = batch.length + most;
  let seen = 0;
  for (; seen < queue.length && batch.length < end; seen += 1) {
    const item = queue[seen] as T;
    (keys.has(item.key) ? repeats : batch).push(item);
    keys.add(item.key);
  }
  return seen === 0 ? queue : [...repeats, ...queue.slice(seen)];
}
