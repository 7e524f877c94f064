-- The users that the claim "sub" of a token points to. Rows are made by
-- whoever signs users up; this service only reads them.
create table public.users (
    id uuid not null default gen_random_uuid(),
    created_at timestamptz not null default now(),
    constraint users_pkey primary key (id)
);

-- Row level security without policies: only the service itself, which owns
-- the table, reads it. The roles anon and authenticated see no row.
alter table public.users enable row level security;

-- One row is one transaction of one user.
create table public.transactions (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    kind text not null,
    amount_minor bigint not null,
    currency text not null,
    description text not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint transactions_pkey primary key (id),
    constraint transactions_user_id_fkey
    foreign key (user_id) references public.users (id) on delete cascade,
    constraint transactions_kind_check
    check (kind in ('income', 'expense')),
    constraint transactions_amount_minor_check
    check (amount_minor >= 1 and amount_minor <= 999999999999),
    constraint transactions_currency_length_check
    check (char_length(currency) = 3),
    constraint transactions_currency_form_check
    check (currency ~ '^[A-Z]{3}$'),
    constraint transactions_description_length_check
    check (char_length(description) >= 1 and char_length(description) <= 500),
    constraint transactions_occurred_at_check
    check (
        occurred_at >= timestamptz '0001-01-02 00:00:00+00'
        and occurred_at < timestamptz '9999-12-31 00:00:00+00'
    )
);

-- Serves the foreign key, and the list of one user's rows in its order.
create index transactions_user_id_occurred_at_id_idx
on public.transactions (user_id, occurred_at desc, id desc);

-- Row level security with one policy: a signed-in user may read the own rows.
-- There is no policy for writing: writes go through the service, which owns
-- the table and so passes by row level security.
alter table public.transactions enable row level security;

create policy transactions_select_own
on public.transactions
for select
to authenticated
using ((select auth.uid()) = user_id);
