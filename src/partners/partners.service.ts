import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { notFound, preconditionFailed, unprocessable } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import { CUSTOMER_KEY_BYTES } from './customer-identity.js';
import { assertMaySee } from './partner-access.js';
import { type Partner, PartnerRepository, type PartnerSettings } from './partner.repository.js';

/** A field that is absent stays as it is, null clears it. */
export type PartnerChanges = { readonly [K in keyof PartnerSettings]?: PartnerSettings[K] | undefined } & {
  readonly currency?: string | undefined;
};

@Injectable()
export class PartnersService {
  constructor(
    private readonly database: Database,
    private readonly partners: PartnerRepository,
    private readonly clock: Clock,
  ) {}

  async create(partner: PartnerSettings & Pick<Partner, 'currency'>): Promise<Partner> {
    const customerKey = randomBytes(CUSTOMER_KEY_BYTES);
    return this.database.transaction((tx) =>
      this.partners.add(tx, { ...partner, id: this.clock.newId(), customerKey }),
    );
  }

  async list(page: PageRequest): Promise<Page<Partner>> {
    const rows = await this.database.read((tx) => this.partners.list(tx, page));
    return toPage(rows, page.limit, (partner) => partner);
  }

  async get(principal: Principal, id: string): Promise<Partner> {
    assertMaySee(principal, id);
    const partner = await this.database.read((tx) => this.partners.find(tx, id));
    if (!partner) throw notFound();
    return partner;
  }

  async change(id: string, version: number, changes: PartnerChanges): Promise<Partner> {
    return this.database.transaction(async (tx) => {
      const partner = await this.partners.findForUpdate(tx, id);
      if (!partner) throw notFound();
      if (partner.version !== version) throw preconditionFailed();
      if (changes.currency !== undefined) throw currencyFixed();
      return this.partners.change(tx, id, applyChanges(partner, changes));
    });
  }
}

function applyChanges(partner: Partner, changes: PartnerChanges): PartnerSettings {
  return {
    name: changes.name ?? partner.name,
    country: changes.country ?? partner.country,
    timeZone: changes.timeZone ?? partner.timeZone,
    industry: changes.industry === undefined ? partner.industry : changes.industry,
    priceSegment: changes.priceSegment === undefined ? partner.priceSegment : changes.priceSegment,
  };
}

// Every amount this partner ever posted is in minor units of it.
function currencyFixed(): Error {
  const detail = 'A partner keeps the currency it was added with.';
  return unprocessable('partner.currency-fixed', detail, [
    { pointer: '/currency', detail: 'cannot be changed' },
  ]);
}
