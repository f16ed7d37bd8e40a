"""How many decimals each currency has, so that whoever hears of money writes it as its promiser did.

CLDR says otherwise for thirteen of them, because some coins are not used any more: a sum would be shown a hundred times too large.
"""

from typing import Final

_CURRENCIES: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
_DECIMALS: Final = {code: decimals for decimals, codes in _CURRENCIES.items() for code in codes.split()}
"""Source: ISO 4217, circulating currencies."""


class CurrencyUnknown(LookupError):
    """No circulating currency has this code."""


def currencies() -> frozenset[str]:
    """The codes of all currencies that money can be in."""
    return frozenset(_DECIMALS)


def decimals_of(currency: str) -> int:
    """How many decimals the currency has: 2 for USD, 0 for JPY, 3 for KWD.

    Raises:
        CurrencyUnknown: no circulating currency has this code.
    """
    try:
        return _DECIMALS[currency]
    except KeyError:
        raise CurrencyUnknown(currency) from None
