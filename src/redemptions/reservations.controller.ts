import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pickLanguage } from '../kernel/clerk-language.js';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import {
  reservationRequest,
  type ReservationRequest,
  reservationResponse,
  type ReservationResponse,
  toReservationResponse,
} from './reservations.dto.js';
import { ReserveService } from './reserve.service.js';

@ApiTags('redemptions')
@Controller('v1/reservations')
export class ReservationsController {
  constructor(private readonly reservations: ReserveService) {}

  @Post()
  @Allow('pos')
  @ApiOperation({
    summary: 'Hold one use of a code for a customer; 201 when it is held, 200 with the reason when it is not',
    description:
      'Counts against all limits until it expires, is released, or is redeemed with its `reservationId`. With the receipt the budget is held too.',
  })
  @ApiCreatedResponse({ standardSchema: reservationResponse })
  @ApiOkResponse({ standardSchema: reservationResponse })
  async reserve(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: reservationRequest }) body: ReservationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept-language') language?: string,
  ): Promise<ReservationResponse> {
    const answer = await this.reservations.reserve(principal, body);
    if (answer.held === null) void reply.status(200);
    return toReservationResponse(answer, pickLanguage(language));
  }

  @Delete(':id')
  @Allow('pos')
  @HttpCode(204)
  @ApiOperation({ summary: 'Give a held use back; repeating it changes nothing' })
  @ApiNoContentResponse()
  async release(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<void> {
    await this.reservations.release(principal, id);
  }
}
