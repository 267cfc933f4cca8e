import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useText } from '@/lib/i18n/text'

const raised = 'appear rounded-md border border-line bg-raised shadow-lg shadow-(color:--shadow)'

export interface MenuAction { id: string; label: string; danger?: boolean; onAction: () => void }

const small = 'h-8 min-w-8 gap-2 rounded-md px-1.5 text-sm text-ink-soft hover:bg-hover hover:text-ink pointer-coarse:h-10 pointer-coarse:min-w-10'

interface MoreMenuProps {
    actions: MenuAction[]
    label?: string
    trigger?: ReactNode
    triggerClass?: string
    /** Before anything is chosen: to fetch what the choice will need */
    onOpen?: () => void
}

export function MoreMenu({ actions, label, trigger, triggerClass = small, onOpen }: MoreMenuProps) {
    const text = useText()
    if (actions.length === 0) return null
    return (
        <MenuTrigger onOpenChange={(isOpen) => { if (isOpen) onOpen?.() }}>
            <AriaButton
                aria-label={label ?? text('action.more')}
                className={`inline-flex cursor-pointer items-center justify-center ${triggerClass}`}
            >
                {trigger ?? <Ellipsis size={16} aria-hidden />}
            </AriaButton>
            <Popover placement="bottom end" className={`${raised} min-w-44 p-1`}>
                <Menu className="outline-none">
                    {actions.map((action) => (
                        <MenuItem
                            key={action.id}
                            id={action.id}
                            onAction={action.onAction}
                            className={`flex min-h-8 cursor-pointer items-center rounded-[4px] px-2 text-sm outline-none data-[focused]:bg-hover ${action.danger ? 'text-bad' : ''}`}
                        >
                            {action.label}
                        </MenuItem>
                    ))}
                </Menu>
            </Popover>
        </MenuTrigger>
    )
}
