import { Command } from 'commander';
import { openDoorProcess } from '../../transfer/front-door/door-process';
import { address } from './address';
import { ownInstanceId } from './own-instance-id';

interface DoorOptions {
  readonly listen: string;
  readonly service: string;
  readonly socket: string;
  readonly instanceId?: string;
}

/** `foreshift agent door` */
export function doorCommand(): Command {
  return new Command('door')
    .description('Takes HTTP requests for a service and keeps them waiting while an agent says so, as a process of its own: an agent that dies costs no request')
    .requiredOption('--listen <host:port>', 'where requests come in')
    .requiredOption('--service <host:port>', 'where they are passed to until an agent says otherwise')
    .requiredOption('--socket <file>', 'a unix domain socket for the agent ("serve --door-socket"); what the door remembers lies beside it')
    .option('--instance-id <id>', "what tells this machine from one made from an image of it; default: EC2's, cloud-init's or the system's id")
    .action(async ({ listen, service, socket, instanceId }: DoorOptions) => {
      const door = await openDoorProcess({ listen: address(listen), service: address(service), socket, instanceId: instanceId ?? ownInstanceId() });
      console.log(JSON.stringify({ ready: true, port: door.port }));
      await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await door.close();
    });
}
