import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { ClickBuffer } from './click-buffer.js';
import { ClickMeter } from './click-meter.js';
import { isClick, type LinkRequest } from './domain/is-click.js';
import { withClick } from './domain/target-url.js';
import { LinkRepository, type LinkTarget } from './link.repository.js';

/** Whoever follows a link; `address` is where the request came from. */
export interface LinkVisitor extends LinkRequest {
  readonly address: string;
}

/** Some 300 bytes each. More links than are followed in an hour; then the memory is given back and filled anew. */
const LINKS_KEPT = 20_000;

/** Sends customers on to the target of a link and counts them. */
@Injectable()
export class FollowLinkService {
  /** Links never change, so they are kept. What does not exist is asked for again: it may exist a moment later. */
  private readonly kept = new Map<string, LinkTarget>();
  private readonly meter = new ClickMeter();

  constructor(
    private readonly database: Database,
    private readonly links: LinkRepository,
    private readonly buffer: ClickBuffer,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Where the visitor goes, with the id of the click when it was counted. Whatever keeps it from being counted, the visitor goes on.
   * Throws 404 on a token that no link has.
   */
  async follow(token: string, visitor: LinkVisitor): Promise<string> {
    const link = this.kept.get(token) ?? (await this.load(token));
    const clickId = await this.count(link, visitor);
    return clickId === null ? link.targetUrl : withClick(link.targetUrl, clickId);
  }

  private async count(link: LinkTarget, visitor: LinkVisitor): Promise<string | null> {
    const outcome = isClick(visitor)
      ? this.meter.admit(link.id, visitor.address, this.clock.now())
      : 'no-person';
    if (outcome === 'counted') return this.buffer.record(link.id);
    this.metrics.clicks.inc({ outcome });
    return null;
  }

  private async load(token: string): Promise<LinkTarget> {
    const link = await this.database.read((tx) => this.links.findTarget(tx, token));
    if (!link) throw notFound();
    if (this.kept.size >= LINKS_KEPT) this.kept.clear();
    this.kept.set(token, link);
    return link;
  }
}
