import Martlet
import Testing

@Suite("Freshness of a response (RFC 9111 §4.2.1)")
struct CacheLifetimeTests {
    @Test(arguments: [
        ("max-age=300", 300), ("public, max-age=15, must-revalidate", 15), ("MAX-AGE=7", 7),
        (" max-age=\"60\" ", 60), ("max-age = 60", 60), ("max-age=0", 0),
        ("max-age=1,max-age=2", 1),
        ("max-age=99999999999999999999", 2_147_483_647),
    ])
    func `max-age says how long`(value: String, seconds: Int) {
        #expect(CacheLifetime.seconds(cacheControl: value, age: nil) == seconds)
    }

    @Test(arguments: ["no-store", "max-age=300, no-cache", "no-cache=\"set-cookie\", max-age=300"])
    func `What is not to be kept is fresh for no time`(value: String) {
        #expect(CacheLifetime.seconds(cacheControl: value, age: nil) == 0)
    }

    @Test(arguments: ["max-age", "max-age=", "max-age=-1", "max-age=ten", "max-age=1.5"])
    func `Freshness that makes no sense is none`(value: String) {
        #expect(CacheLifetime.seconds(cacheControl: value, age: nil) == 0)
    }

    @Test(arguments: [nil, "", ",", "public", "s-maxage=5", "max-ages=5", "private, =,"])
    func `A response without max-age does not say`(value: String?) {
        #expect(CacheLifetime.seconds(cacheControl: value, age: "5") == nil)
    }

    @Test(arguments: [("10", 290), ("300", 0), ("301", 0), ("x", 300), ("", 300), (" 1 ", 299)])
    func `What a response has spent in caches counts`(age: String, seconds: Int) {
        #expect(CacheLifetime.seconds(cacheControl: "max-age=300", age: age) == seconds)
    }
}
