from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name="supabase_jwt")


class TokenVerifier:
    """Checks access tokens of Supabase Auth against the project's published signing keys."""

    def __init__(self, jwks_url: str, issuer: str) -> None:
        self._issuer = issuer
        self._keys = jwt.PyJWKClient(jwks_url, cache_jwk_set=True, lifespan=600, timeout=5)

    def signing_key(self, token: str) -> Any:
        return self._keys.get_signing_key_from_jwt(token).key

    def verify(self, token: str) -> dict[str, Any]:
        claims = jwt.decode(
            token,
            self.signing_key(token),
            algorithms=["ES256", "RS256"],
            audience="authenticated",
            issuer=self._issuer,
            leeway=10,
            options={"require": ["exp", "sub", "aud", "iss"]},
        )
        if claims.get("role") != "authenticated":
            raise jwt.InvalidTokenError("not the token of a signed-in user")
        try:
            UUID(claims["sub"])
        except ValueError as error:
            raise jwt.InvalidTokenError("sub is not a user id") from error
        return claims


# Not async: the first request after a key rotation fetches the key set, so FastAPI runs this in
# its thread pool.
def verified_claims(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> dict[str, Any]:
    verifier: TokenVerifier = request.app.state.token_verifier
    refusal = HTTPException(
        401,
        "The access token is missing or invalid.",
        headers={"WWW-Authenticate": "Bearer"},
    )
    if credentials is None:
        raise refusal
    try:
        return verifier.verify(credentials.credentials)
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(503, "The signing keys cannot be reached.") from error
    except jwt.PyJWTError as error:
        raise refusal from error


def current_user_id(claims: Annotated[dict[str, Any], Depends(verified_claims)]) -> UUID:
    return UUID(claims["sub"])


CurrentUser = Annotated[UUID, Depends(current_user_id)]
