-- Funds transfer service: the whole schema, loaded into an empty database.
--
-- Row level security is enabled on every table, without policies: only the
-- service, which owns the tables, reads and writes them.

create table public.users (
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    constraint users_pkey primary key (id)
);

comment on table public.users is
'The users that the sub of a token points to. RLS without policies: service only.';

create table public.accounts (
    id uuid not null default gen_random_uuid(),
    owner_id uuid not null,
    currency text not null,
    balance bigint not null default 0,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    constraint accounts_pkey primary key (id),
    constraint accounts_owner_id_fkey foreign key (owner_id)
    references public.users (id) on delete restrict,
    constraint accounts_currency_format check (
        char_length(currency) = 3 and currency ~ '^[A-Z]{3}$'
    ),
    constraint accounts_balance_range check (
        balance >= 0 and balance <= 9000000000000000
    ),
    constraint accounts_status_values check (status in ('active', 'closed'))
);

comment on table public.accounts is
'Accounts, balance in minor units. RLS without policies: service only.';

create index accounts_owner_id_idx on public.accounts (owner_id);

create table public.transfers (
    id uuid not null default gen_random_uuid(),
    initiated_by uuid not null,
    source_account_id uuid not null,
    destination_account_id uuid not null,
    amount bigint not null,
    currency text not null,
    idempotency_key text not null,
    request_fingerprint text not null,
    created_at timestamptz not null default now(),
    constraint transfers_pkey primary key (id),
    constraint transfers_initiated_by_fkey foreign key (initiated_by)
    references public.users (id) on delete restrict,
    constraint transfers_source_account_id_fkey
    foreign key (source_account_id)
    references public.accounts (id) on delete restrict,
    constraint transfers_destination_account_id_fkey
    foreign key (destination_account_id)
    references public.accounts (id) on delete restrict,
    -- Also the index of the foreign key on initiated_by.
    constraint transfers_initiated_by_idempotency_key_key
    unique (initiated_by, idempotency_key),
    constraint transfers_accounts_differ check (
        source_account_id <> destination_account_id
    ),
    constraint transfers_amount_range check (
        amount >= 1 and amount <= 1000000000000
    ),
    constraint transfers_currency_format check (
        char_length(currency) = 3 and currency ~ '^[A-Z]{3}$'
    ),
    constraint transfers_idempotency_key_format check (
        char_length(idempotency_key) between 1 and 64
        and idempotency_key ~ '^[A-Za-z0-9_-]+$'
    ),
    constraint transfers_request_fingerprint_format check (
        char_length(request_fingerprint) = 64
        and request_fingerprint ~ '^[0-9a-f]+$'
    )
);

comment on table public.transfers is
'The record of every movement, never changed. RLS without policies: service only.';

-- The list of an account's transfers, newest first, from either side; also the
-- indexes of the two foreign keys on accounts.
create index transfers_source_account_id_created_at_id_idx
on public.transfers (source_account_id, created_at desc, id desc);

create index transfers_destination_account_id_created_at_id_idx
on public.transfers (destination_account_id, created_at desc, id desc);

-- A transfer never changes after it has been written.
create function public.refuse_transfer_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception 'transfers are immutable' using errcode = '23001';
end;
$$;

create trigger transfers_immutable
before update or delete on public.transfers
for each row execute function public.refuse_transfer_change();

alter table public.users enable row level security;

alter table public.accounts enable row level security;

alter table public.transfers enable row level security;
