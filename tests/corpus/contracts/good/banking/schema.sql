create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  password_hash text not null,
  created_at timestamptz not null default now(),
  constraint users_email_key unique (email),
  constraint users_email_length check (char_length(email) <= 254)
);
create table accounts (
  id bigint generated always as identity primary key,
  owner_id uuid not null references users (id) on delete restrict,
  currency text not null,
  balance bigint not null default 0,
  nickname text,
  created_at timestamptz not null default now(),
  constraint accounts_currency_known check (currency in ('EUR', 'USD')),
  constraint accounts_balance_range check (balance >= 0 and balance <= 1000000000000),
  constraint accounts_nickname_length check (char_length(nickname) <= 60)
);
create index accounts_owner_idx on accounts (owner_id, id);
create table transfers (
  id bigint generated always as identity primary key,
  source_id bigint not null references accounts (id) on delete restrict,
  target_id bigint not null references accounts (id) on delete restrict,
  amount bigint not null,
  reference text,
  idempotency_key uuid not null,
  created_at timestamptz not null default now(),
  constraint transfers_amount_range check (amount between 1 and 1000000000000),
  constraint transfers_reference_length check (char_length(reference) <= 140),
  constraint transfers_apart check (source_id <> target_id),
  constraint transfers_key unique (source_id, idempotency_key)
);
create index transfers_target_idx on transfers (target_id);
