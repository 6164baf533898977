import { Menu, MenuButton, MenuItem, MenuItemCheck, MenuItemRadio, MenuProvider, MenuSeparator } from '@ariakit/react/menu';
import type { ReactNode } from 'react';
import type { SessionInfo } from '../../console-api';
import { act } from './api';
import { Icon } from './parts/icon';
import { THEMES, useTheme, type Theme } from './theme';

/** Who is logged in, the theme, and the way out. */
export function AccountMenu({ session }: { readonly session: SessionInfo }): ReactNode {
  const { theme, choose } = useTheme();
  return (
    <MenuProvider placement="top-start" values={{ theme }} setValues={(values: { theme: string | string[] | boolean | number | (string | number)[] }) => choose(values.theme as Theme)}>
      <MenuButton className="menu-button"><span>{session.name} ({session.role})</span><Icon name="up" size={10} /></MenuButton>
      <Menu className="menu" gutter={6} portal>
        {THEMES.map((one) => <MenuItemRadio key={one} name="theme" value={one}><MenuItemCheck />Theme: {one}</MenuItemRadio>)}
        <MenuSeparator />
        <MenuItem onClick={() => void act('/api/logout', {}, session).finally(() => window.location.reload())}>Log out</MenuItem>
      </Menu>
    </MenuProvider>
  );
}
