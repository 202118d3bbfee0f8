import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pickLanguage } from '../kernel/clerk-language.js';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal, Principal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import { ISSUANCE_REFUSALS } from './domain/issuance-refusal.js';
import { issuanceProblem } from './issuance-problem.js';
import {
  issuancePage,
  type IssuancePage,
  issuanceRequest,
  type IssuanceRequestBody,
  issuanceResponse,
  type IssuanceResponse,
  toIssuancePage,
  toIssuanceResponse,
} from './issuances.dto.js';
import { IssueCouponService } from './issue-coupon.service.js';
import { ListIssuancesService } from './list-issuances.service.js';

@ApiTags('codes')
@Controller('v1/offers/:id/issuances')
export class IssuancesController {
  constructor(
    private readonly issuances: IssueCouponService,
    private readonly issued: ListIssuancesService,
  ) {}

  @Post()
  @Allow('pos')
  @HasNaturalKey()
  @ApiOperation({
    summary: "One coupon for one customer, at the issuer's till",
    description: `When there is none, the problem's \`code\` is one of ${ISSUANCE_REFUSALS.join(', ')}, and its \`detail\` a sentence for the clerk in the language of Accept-Language (en, ru). Nothing is stored then: the till may ask again.`,
  })
  @ApiCreatedResponse({ standardSchema: issuanceResponse })
  async issue(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Body({ schema: issuanceRequest }) body: IssuanceRequestBody,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept-language') language?: string,
  ): Promise<IssuanceResponse> {
    const outcome = await this.issuances.issue(principal, offerId, body);
    if (outcome.kind === 'refused') throw issuanceProblem(outcome, pickLanguage(language));
    if (outcome.replayed) void reply.header('idempotency-replayed', 'true');
    return toIssuanceResponse(outcome.issuance);
  }

  @Get()
  @Allow('operator', 'admin', 'marketer')
  @ApiOperation({ summary: 'The coupons of an offer that were issued one by one, for its issuer' })
  @ApiOkResponse({ standardSchema: issuancePage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<IssuancePage> {
    return toIssuancePage(await this.issued.list(principal, offerId, pageRequest(query)));
  }
}
