import { Module } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { ChannelClockCommands } from './channel-clock.commands.js';
import { ChannelRepository } from './channel.repository.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';
import { OperatorKeyRepository } from './operator-key.repository.js';
import { OperatorKeyService } from './operator-key.service.js';
import { PartnerDirectory } from './partner-directory.read-model.js';
import { PartnerReadModel } from './partner.read-model.js';
import { PartnerRepository } from './partner.repository.js';
import { PartnersController } from './partners.controller.js';
import { PartnersService } from './partners.service.js';
import { PrincipalsModule } from './principals.module.js';

/** Partners, their channels and keys; and with the keys, who is asking. */
@Module({
  imports: [PrincipalsModule],
  controllers: [PartnersController, ChannelsController, ApiKeysController],
  providers: [
    PartnerRepository,
    ChannelRepository,
    ChannelClockCommands,
    ApiKeyRepository,
    OperatorKeyRepository,
    PartnersService,
    ChannelsService,
    ApiKeysService,
    OperatorKeyService,
    PartnerReadModel,
    PartnerDirectory,
  ],
  exports: [ChannelClockCommands, PartnerReadModel, PartnerDirectory, OperatorKeyService],
})
export class PartnersModule {}
