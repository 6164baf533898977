import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Nitro instances show their id here; cloud-init and systemd keep one elsewhere. */
const PLACES = [
  { file: '/sys/devices/virtual/dmi/id/board_asset_tag', form: /^i-[0-9a-f]+$/ },
  { file: '/var/lib/cloud/data/instance-id', form: /^\S+$/ },
  { file: '/etc/machine-id', form: /^[0-9a-f]{32}$/ },
] as const;

/** What tells this machine from one that was made from an image of it: the EC2 instance id where there is one, else cloud-init's, the machine id or the host name. */
export function machineIdentity(): string {
  for (const { file, form } of PLACES) {
    const text = textOf(file);
    if (form.test(text)) return text;
  }
  return hostname();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
