import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import { guessLockPage, type GuessLockPage, toGuessLockPage } from './guess-locks.dto.js';
import { GuessLocksService } from './guess-locks.service.js';

@ApiTags('partners')
@Controller('v1/partners/:id/guess-locks')
@Allow('operator', 'admin')
export class GuessLocksController {
  constructor(private readonly locks: GuessLocksService) {}

  @Get()
  @ApiOperation({ summary: 'List the keys that are locked out of a channel now after too many wrong codes' })
  @ApiOkResponse({ standardSchema: guessLockPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<GuessLockPage> {
    return toGuessLockPage(await this.locks.list(principal, partnerId, pageRequest(query)));
  }

  @Delete(':lockId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Lift a lock: the key may look codes up at this channel again at once' })
  @ApiNoContentResponse({ description: 'The lock is lifted and its guesses are forgotten' })
  async lift(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) partnerId: string,
    @Param('lockId', { schema: uuid() }) lockId: string,
  ): Promise<void> {
    await this.locks.lift(principal, partnerId, lockId);
  }
}
