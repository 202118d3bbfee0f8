import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import {
  couponBatchResponse,
  type CouponBatchResponse,
  couponOrderRequest,
  type CouponOrderRequest,
  toCouponBatchResponse,
} from './coupon-batches.dto.js';
import { CouponBatchesService } from './coupon-batches.service.js';
import { OrderCouponsService } from './order-coupons.service.js';

@ApiTags('codes')
@Controller('v1')
@Allow('operator', 'admin', 'marketer')
export class CouponBatchesController {
  constructor(
    private readonly orders: OrderCouponsService,
    private readonly batches: CouponBatchesService,
  ) {}

  @Post('offers/:id/coupon-batches')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Order coupons; they are made in the background',
    description:
      'The redeemer has approved the campaign before (409 `offer.not-approved`), unless it issues the codes itself.',
  })
  @ApiAcceptedResponse({ standardSchema: couponBatchResponse })
  async order(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Body({ schema: couponOrderRequest }) body: CouponOrderRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CouponBatchResponse> {
    const batch = await this.orders.order(principal, offerId, body);
    void reply.header('location', `/v1/coupon-batches/${batch.id}`);
    return toCouponBatchResponse(batch);
  }

  @Get('coupon-batches/:id')
  @ApiOperation({ summary: 'How far a coupon batch is' })
  @ApiOkResponse({ standardSchema: couponBatchResponse })
  async find(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<CouponBatchResponse> {
    return toCouponBatchResponse(await this.batches.find(principal, id));
  }

  @Delete('coupon-batches/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke all coupons of a batch for good' })
  @ApiNoContentResponse()
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<void> {
    await this.batches.revoke(principal, id);
  }

  @Get('coupon-batches/:id/coupons.csv')
  @ApiOperation({ summary: 'The coupons of a batch as CSV: code, expiresOn, placement' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async coupons(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<StreamableFile> {
    const disposition = `attachment; filename="coupons-${id}.csv"`;
    return new StreamableFile(await this.batches.export(principal, id), {
      type: 'text/csv; charset=utf-8',
      disposition,
    });
  }
}
